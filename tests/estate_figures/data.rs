use watchfloor::cloud::Session;

use crate::Facts;

pub async fn collect(session: &Session, facts: &mut Facts) {
    instances(session, facts).await;
    clusters(session, facts).await;
    caches(session, facts).await;
    streams(session, facts).await;
}

async fn instances(session: &Session, facts: &mut Facts) {
    let answer = session.rds().describe_db_instances().send().await.unwrap();
    for instance in answer.db_instances().iter().filter(|one| one.db_cluster_identifier().is_none()) {
        let (id, class) = (instance.db_instance_identifier().unwrap(), instance.db_instance_class().unwrap());
        let zones = if instance.multi_az().unwrap_or_default() { "Multi-AZ" } else { "Single-AZ" };
        let engine = instance.engine().unwrap();
        let version = instance.engine_version().unwrap().split('.').next().unwrap();
        if instance.read_replica_source_db_instance_identifier().is_some() {
            facts.insert(format!("replica {id} {class}"));
            continue;
        }
        facts.insert(format!("database {id} {engine} {version} {class} {zones}"));
        let replicas = instance.read_replica_db_instance_identifiers().len();
        facts.insert(format!("database {id} {replicas} replicas"));
        let (size, kind) = (instance.allocated_storage().unwrap(), instance.storage_type().unwrap());
        facts.insert(format!("database {id} {size} GB {kind}"));
    }
}

async fn clusters(session: &Session, facts: &mut Facts) {
    let answer = session.rds().describe_db_clusters().send().await.unwrap();
    let instances = session.rds().describe_db_instances().send().await.unwrap();
    for cluster in answer.db_clusters() {
        let (id, engine) = (cluster.db_cluster_identifier().unwrap(), cluster.engine().unwrap());
        let members = cluster.db_cluster_members();
        let writers = members.iter().filter(|member| member.is_cluster_writer().unwrap()).count();
        let ours = instances.db_instances().iter().filter(|one| one.db_cluster_identifier() == Some(id));
        for instance in ours {
            facts.insert(format!("cluster {id} {engine} of {}", instance.db_instance_class().unwrap()));
        }
        facts.insert(format!("cluster {id} {writers} writer {} readers", members.len() - writers));
        if let Some(bounds) = cluster.serverless_v2_scaling_configuration() {
            let (least, most) = (bounds.min_capacity().unwrap(), bounds.max_capacity().unwrap());
            facts.insert(format!("cluster {id} {least} to {most} ACU"));
        }
    }
}

async fn caches(session: &Session, facts: &mut Facts) {
    let nodes = session.elasticache().describe_cache_clusters().send().await.unwrap();
    for group in session.elasticache().describe_replication_groups().send().await.unwrap().replication_groups() {
        let id = group.replication_group_id().unwrap();
        let (members, kind) = (group.member_clusters().len(), group.cache_node_type().unwrap());
        facts.insert(format!("cache {id} {members} × {kind}"));
        facts.insert(format!("cache {id} automatic failover {}", group.automatic_failover().unwrap().as_str()));
        let ours = nodes.cache_clusters().iter().filter(|node| node.replication_group_id() == Some(id));
        for node in ours {
            let version = node.engine_version().unwrap().rsplit_once('.').unwrap().0;
            facts.insert(format!("cache {id} {} {version}", node.engine().unwrap()));
        }
    }
}

async fn streams(session: &Session, facts: &mut Facts) {
    for cluster in session.kafka().list_clusters_v2().send().await.unwrap().cluster_info_list() {
        let provisioned = cluster.provisioned().unwrap();
        let kind = provisioned.broker_node_group_info().unwrap().instance_type().unwrap();
        let (name, brokers) = (cluster.cluster_name().unwrap(), provisioned.number_of_broker_nodes().unwrap());
        facts.insert(format!("stream {name} {brokers} × {kind}"));
    }
}
