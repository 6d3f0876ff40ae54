//! An EKS cluster under load: pods follow the load, nodes hold pods, Cluster Autoscaler asks for nodes.

use jiff::Timestamp;

use super::containers::Busy;
use super::noise::Noise;
use crate::drill::estate::build::kubernetes::update;
use crate::drill::estate::eks::{EksData, NodeGroupData, WorkloadData};
use crate::drill::scenario::NodeGroupUpdate;
use crate::drill::world::eks::EksCluster;
use crate::drill::world::hash;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Seconds that fewer pods must be enough before a horizontal pod autoscaler takes some away (Kubernetes' default).
const STABLE_S: i64 = 300;
/// CPU of a node that the system and its daemons use, percent.
const SYSTEM_CPU: f64 = 4.0;
/// Memory likewise.
const SYSTEM_MEMORY: f64 = 9.0;
/// Requests per minute that the API server of a quiet cluster answers, and more for each node.
const API_REQUESTS: (f64, f64) = (900.0, 60.0);

/// The dynamics of a cluster.
pub struct EksPlant {
    data: EksData,
    nodes: Vec<Node>,
    workloads: Vec<Workload>,
    launched: u64,
    waiting_since: Option<i64>,
    empty_since: Option<i64>,
    series: Handles,
}

struct Node {
    group: usize,
    ready_at: i64,
    pods: u32,
}

#[derive(Default)]
struct Workload {
    wanted: u32,
    fewer_since: Option<i64>,
    placed: u32,
}

struct Handles {
    nodes: SeriesId,
    failed_nodes: SeriesId,
    cpu: SeriesId,
    memory: SeriesId,
    running: SeriesId,
    pending: SeriesId,
    scheduler_pending: SeriesId,
    unschedulable: SeriesId,
    api_requests: SeriesId,
    api_5xx: SeriesId,
}

impl EksPlant {
    /// A cluster whose nodes are all there.
    pub fn new(data: &EksData, metrics: &mut MetricStore) -> Self {
        let dimensions = [("ClusterName", data.name.as_str())];
        let mut insight = |name: &str| metrics.handle(MetricId::new("ContainerInsights", name, &dimensions));
        let (nodes, failed_nodes) = (insight("cluster_node_count"), insight("cluster_failed_node_count"));
        let (cpu, memory) = (insight("node_cpu_utilization"), insight("node_memory_utilization"));
        let (running, pending) = (insight("cluster_number_of_running_pods"), insight("pod_status_pending"));
        let mut free = |name: &str| metrics.handle(MetricId::new("AWS/EKS", name, &dimensions));
        let series = Handles {
            nodes,
            failed_nodes,
            cpu,
            memory,
            running,
            pending,
            scheduler_pending: free("scheduler_pending_pods"),
            unschedulable: free("scheduler_pending_pods_UNSCHEDULABLE"),
            api_requests: free("apiserver_request_total"),
            api_5xx: free("apiserver_request_total_5XX"),
        };
        let ready = |(group, of): (usize, &NodeGroupData)| {
            (0..of.desired).map(move |_| Node { group, ready_at: i64::MIN, pods: 0 })
        };
        Self {
            nodes: data.node_group.iter().enumerate().flat_map(ready).collect(),
            workloads: data.workload.iter().map(|_| Workload::default()).collect(),
            data: data.clone(),
            launched: 0,
            waiting_since: None,
            empty_since: None,
            series,
        }
    }

    /// Name of the cluster.
    pub fn name(&self) -> &str {
        &self.data.name
    }

    /// Pods are wanted and placed, nodes come and go.
    pub fn tick(&mut self, cluster: &mut EksCluster, load: f64, now: Timestamp) {
        let second = now.as_second();
        for (workload, data) in self.workloads.iter_mut().zip(&self.data.workload) {
            workload.want(data, load, second);
        }
        self.place(second);
        self.autoscale(cluster, second);
        self.join_and_leave(cluster, second);
    }

    /// A minute's metrics, and how busy the workloads are.
    pub fn minute(&self, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) -> Vec<Busy> {
        let second = minute * 60 + 60;
        let wave = |what: &str| noise.wave(&format!("{} {what}", self.data.name), minute);
        let (mut cpu, mut memory, mut busy) = (0.0, 0.0, Vec::new());
        for (workload, data) in self.workloads.iter().zip(&self.data.workload) {
            let spread_over = data.pods * load / f64::from(workload.placed.max(1));
            let used = data.cpu_percent * spread_over * (1.0 + 0.05 * wave(&data.name));
            let held = data.memory_percent * (0.75 + 0.25 * spread_over);
            let placed = f64::from(workload.placed);
            cpu += placed * f64::from(data.cpu_m) * used.min(100.0) / 100.0;
            memory += placed * f64::from(data.memory_mib) * held.min(100.0) / 100.0;
            busy.push(Busy {
                cluster: self.data.name.clone(),
                service: data.name.clone(),
                load: used / 100.0,
                running: workload.placed,
                database: data.database.clone(),
                ..Busy::default()
            });
        }
        let ready: Vec<&NodeGroupData> =
            self.ready(second).filter_map(|node| self.data.node_group.get(node.group)).collect();
        let total =
            |of: fn(&NodeGroupData) -> u32| ready.iter().map(|group| f64::from(of(group))).sum::<f64>().max(1.0);
        let nodes = f64::from(u32::try_from(ready.len()).unwrap_or(u32::MAX));
        let (wanted, placed) = self.pods();
        let pending = f64::from(wanted - placed);
        let mut gauge = |series, value| metrics.record(series, minute, Point::gauge(value));
        let handles = &self.series;
        gauge(handles.nodes, nodes);
        gauge(handles.failed_nodes, 0.0);
        gauge(handles.cpu, (SYSTEM_CPU + 100.0 * cpu / total(|group| group.cpu_m)).min(100.0));
        gauge(handles.memory, (SYSTEM_MEMORY + 100.0 * memory / total(|group| group.memory_mib)).min(100.0));
        gauge(handles.running, f64::from(placed));
        gauge(handles.pending, pending);
        gauge(handles.scheduler_pending, pending);
        gauge(handles.unschedulable, pending);
        let requests = noise.count(&self.data.name, minute, API_REQUESTS.0 + API_REQUESTS.1 * nodes);
        metrics.record(handles.api_requests, minute, Point::total(requests, requests));
        metrics.record(handles.api_5xx, minute, Point::total(0.0, 1.0));
        busy
    }

    fn ready(&self, second: i64) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.ready_at <= second)
    }

    /// Pods wanted and pods that run.
    fn pods(&self) -> (u32, u32) {
        self.workloads.iter().fold((0, 0), |(wanted, placed), one| (wanted + one.wanted, placed + one.placed))
    }

    /// Puts pods on nodes, the first workload and the oldest node first.
    fn place(&mut self, second: i64) {
        let mut left: Vec<u32> = self.workloads.iter().map(|workload| workload.wanted).collect();
        for node in &mut self.nodes {
            node.pods = 0;
            let Some(group) = self.data.node_group.get(node.group).filter(|_| node.ready_at <= second) else {
                continue;
            };
            let (mut cpu, mut memory) = (group.cpu_m, group.memory_mib);
            for (data, left) in self.data.workload.iter().zip(&mut left) {
                let here = fitting(data, cpu, memory).min(*left);
                cpu -= here * data.cpu_m;
                memory -= here * data.memory_mib;
                node.pods += here;
                *left -= here;
            }
        }
        for (workload, left) in self.workloads.iter_mut().zip(left) {
            workload.placed = workload.wanted - left;
        }
    }

    fn autoscale(&mut self, cluster: &mut EksCluster, second: i64) {
        let Some(scaler) = self.data.cluster_autoscaler else { return };
        let joining = self.nodes.iter().filter(|node| node.ready_at > second).count();
        let (wanted, placed) = self.pods();
        let waits = wanted > placed;
        self.waiting_since = waits.then(|| self.waiting_since.unwrap_or(second));
        let spare = !waits && joining == 0 && self.nodes.last().is_some_and(|node| node.pods == 0);
        self.empty_since = spare.then(|| self.empty_since.unwrap_or(second));
        let over = |since: Option<i64>, limit: u32| since.is_some_and(|since| second - since >= i64::from(limit));
        if over(self.waiting_since, scaler.delay_s) {
            let mut more = self.nodes_for_waiting().saturating_sub(u32::try_from(joining).unwrap_or(u32::MAX));
            for group in &self.data.node_group {
                let Some(group) = cluster.node_groups.get_mut(&group.name) else { continue };
                let here = more.min(group.max.saturating_sub(group.desired));
                group.desired += here;
                more -= here;
            }
        } else if over(self.empty_since, scaler.unneeded_s)
            && let Some(group) = self.nodes.last().and_then(|node| self.data.node_group.get(node.group))
            && let Some(group) = cluster.node_groups.get_mut(&group.name).filter(|group| group.desired > group.min)
        {
            group.desired -= 1;
            self.empty_since = None;
        }
    }

    /// Nodes of the first group that the waiting pods need.
    fn nodes_for_waiting(&self) -> u32 {
        let Some(group) = self.data.node_group.first() else { return 0 };
        let need = |(workload, data): (&Workload, &WorkloadData)| {
            (workload.wanted - workload.placed).div_ceil(fitting(data, group.cpu_m, group.memory_mib).max(1))
        };
        self.workloads.iter().zip(&self.data.workload).map(need).sum()
    }

    /// As many nodes as the groups want: new ones start, the newest go.
    fn join_and_leave(&mut self, cluster: &EksCluster, second: i64) {
        for (place, data) in self.data.node_group.iter().enumerate() {
            let Some(group) = cluster.node_groups.get(&data.name) else { continue };
            let wanted = usize::try_from(group.desired).unwrap_or(usize::MAX);
            let mut there = self.nodes.iter().filter(|node| node.group == place).count();
            while there < wanted {
                self.launched += 1;
                let spread = i64::try_from(hash::of(&(&group.arn, self.launched)) % 40).unwrap_or(0);
                let ready_at = second + i64::from(data.startup_s) * (80 + spread) / 100;
                self.nodes.push(Node { group: place, ready_at, pods: 0 });
                there += 1;
            }
            while there > wanted {
                if let Some(newest) = self.nodes.iter().rposition(|node| node.group == place) {
                    self.nodes.remove(newest);
                }
                there -= 1;
            }
        }
    }
}

impl Workload {
    fn want(&mut self, data: &WorkloadData, load: f64, second: i64) {
        let wanted = (data.min..data.max).find(|pods| f64::from(*pods) >= data.pods * load).unwrap_or(data.max);
        let fewer = wanted < self.wanted;
        if !fewer || second - *self.fewer_since.get_or_insert(second) >= STABLE_S {
            self.wanted = wanted;
            self.fewer_since = None;
        }
    }
}

/// Pods that fit into what is free.
fn fitting(data: &WorkloadData, cpu_m: u32, memory_mib: u32) -> u32 {
    (cpu_m / data.cpu_m.max(1)).min(memory_mib / data.memory_mib.max(1))
}

/// Changes the bounds of a node group, as UpdateNodegroupConfig does.
pub fn change_bounds(cluster: &mut EksCluster, change: &NodeGroupUpdate, at: Timestamp) {
    let Some(group) = cluster.node_groups.get_mut(&change.node_group) else { return };
    group.min = change.min.unwrap_or(group.min);
    group.max = change.max.unwrap_or(group.max);
    group.desired = group.desired.clamp(group.min, group.max.max(group.min));
    let size = |name: &str, size: u32| (name.to_owned(), size.to_string());
    let params = vec![size("MinSize", group.min), size("MaxSize", group.max), size("DesiredSize", group.desired)];
    group.updates.insert(0, update(&group.arn, "ConfigUpdate", params, at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::estate;
    use crate::drill::estate::build;

    const ESTATE: &str = r#"
        name = "x"
        default_scenario = "calm"
        [[environment]]
        name = "a"
        tier = "staging"
        account = "1"
        region = "r"
        [[eks]]
        name = "k"
        version = "1.33"
        cluster_autoscaler = { delay_s = 30, unneeded_s = 600 }
        [[eks.node_group]]
        name = "g"
        instance_type = "m"
        cpu_m = 1000
        memory_mib = 4000
        min = 2
        desired = 2
        max = 4
        startup_s = 120
        [[eks.workload]]
        name = "w"
        pods = 8
        min = 2
        max = 100
        cpu_m = 250
        memory_mib = 500
        cpu_percent = 50
        memory_percent = 50
    "#;

    struct Rig {
        plant: EksPlant,
        cluster: EksCluster,
        second: i64,
    }

    impl Rig {
        fn new() -> Self {
            let data = estate::parse(ESTATE).unwrap().environments.remove(0);
            let mut world = build::environment(&data, Timestamp::UNIX_EPOCH);
            let plant = EksPlant::new(&data.resources.eks[0], &mut world.metrics);
            Self { plant, cluster: world.eks_clusters.remove("k").unwrap(), second: 0 }
        }

        /// Runs for some seconds: desired nodes, ready nodes, pods that wait.
        fn run(&mut self, load: f64, seconds: i64) -> (u32, usize, u32) {
            for _ in 0..seconds / 10 {
                self.second += 10;
                self.plant.tick(&mut self.cluster, load, Timestamp::from_second(self.second).unwrap());
            }
            let (wanted, placed) = self.plant.pods();
            (self.cluster.node_groups["g"].desired, self.plant.ready(self.second).count(), wanted - placed)
        }
    }

    #[test]
    fn nodes_come_after_the_delay_and_their_start_and_go_when_they_are_empty() {
        let mut rig = Rig::new();
        assert_eq!(rig.run(1.0, 600), (2, 2, 0), "eight pods fill two nodes");
        assert_eq!(rig.run(1.5, 30), (2, 2, 4), "four more wait");
        assert_eq!(rig.run(1.5, 60), (3, 2, 4), "a node was asked for and starts");
        assert_eq!(rig.run(1.5, 150), (3, 3, 0));
        assert_eq!(rig.run(1.0, 600), (3, 3, 0), "empty for less than ten minutes");
        assert_eq!(rig.run(1.0, 600), (2, 2, 0));
    }

    #[test]
    fn a_full_node_group_leaves_pods_waiting() {
        let mut rig = Rig::new();
        assert_eq!(rig.run(3.0, 1800), (4, 4, 8));
        let change = NodeGroupUpdate {
            at_s: 0,
            environment: "a".into(),
            cluster: "k".into(),
            node_group: "g".into(),
            min: None,
            max: Some(3),
        };
        change_bounds(&mut rig.cluster, &change, Timestamp::from_second(rig.second).unwrap());
        assert_eq!(rig.run(3.0, 600), (3, 3, 12), "a lower bound takes nodes away");
        let newest = &rig.cluster.node_groups["g"].updates[0];
        assert_eq!(newest.kind, "ConfigUpdate");
        assert!(newest.params.contains(&("MaxSize".to_owned(), "3".to_owned())));
    }
}
