//! The address of a resource in the AWS console, from its ARN.

/// The address; `None` for an ARN of a service that has no page here.
///
/// ARN shapes are those of the Service Authorization Reference; a console's host is the region in front of the
/// partition's console domain.
pub fn link(arn: &str) -> Option<String> {
    let mut parts = arn.splitn(6, ':');
    let (prefix, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, _account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    if prefix != "arn" || region.is_empty() {
        return None;
    }
    let domain = match partition {
        "aws" => "aws.amazon.com",
        "aws-cn" => "amazonaws.cn",
        "aws-us-gov" => "amazonaws-us-gov.com",
        _ => return None,
    };
    let region = encode(region);
    let path = match service {
        "cloudwatch" => {
            let name = encode(resource.strip_prefix("alarm:")?);
            format!("cloudwatch/home?region={region}#alarmsV2:alarm/{name}")
        }
        "lambda" => {
            let name = encode(resource.strip_prefix("function:")?.split(':').next()?);
            format!("lambda/home?region={region}#/functions/{name}")
        }
        "dynamodb" => {
            let name = encode(resource.strip_prefix("table/")?.split('/').next()?);
            format!("dynamodbv2/home?region={region}#table?name={name}")
        }
        "ecs" => ecs(&region, resource)?,
        "eks" => eks(&region, resource)?,
        "apigateway" => api_gateway(&region, resource)?,
        _ => return None,
    };
    Some(format!("https://{region}.console.{domain}/{path}"))
}

fn ecs(region: &str, resource: &str) -> Option<String> {
    let mut parts = resource.split('/');
    let (kind, cluster) = (parts.next()?, encode(parts.next()?));
    match (kind, parts.next().map(encode)) {
        ("service", Some(service)) => {
            Some(format!("ecs/v2/clusters/{cluster}/services/{service}/health?region={region}"))
        }
        ("cluster", None) => Some(format!("ecs/v2/clusters/{cluster}/services?region={region}")),
        _ => None,
    }
}

fn eks(region: &str, resource: &str) -> Option<String> {
    let mut parts = resource.split('/');
    let (kind, cluster) = (parts.next()?, encode(parts.next()?));
    match (kind, parts.next().map(encode)) {
        ("nodegroup", Some(group)) => Some(format!("eks/home?region={region}#/clusters/{cluster}/nodegroups/{group}")),
        ("cluster", None) => Some(format!("eks/home?region={region}#/clusters/{cluster}")),
        _ => None,
    }
}

fn api_gateway(region: &str, resource: &str) -> Option<String> {
    let mut parts = resource.strip_prefix('/')?.split('/');
    let (kind, id) = (parts.next()?, encode(parts.next()?));
    match kind {
        "restapis" => Some(format!("apigateway/main/apis/{id}/resources?api={id}&region={region}")),
        "apis" => Some(format!("apigateway/main/api-detail?api={id}&region={region}")),
        _ => None,
    }
}

/// Percent-encodes everything but letters, digits and `-_.~` (RFC 3986, unreserved characters).
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "arn:aws:lambda:us-east-1:111122223333:function:payments-prod-processing",
        "https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/payments-prod-processing"
    )]
    #[case(
        "arn:aws:dynamodb:us-east-1:111122223333:table/transactions/index/by-user",
        "https://us-east-1.console.aws.amazon.com/dynamodbv2/home?region=us-east-1#table?name=transactions"
    )]
    #[case(
        "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:Errors > 5 %: prod",
        "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/Errors%20%3E%205%20%25%3A%20prod"
    )]
    #[case(
        "arn:aws:ecs:us-east-1:111122223333:service/uex-payments-prod/uex-backend",
        "https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/uex-payments-prod/services/uex-backend/health?region=us-east-1"
    )]
    #[case(
        "arn:aws-us-gov:eks:us-gov-west-1:111122223333:nodegroup/wallet/workers/1234",
        "https://us-gov-west-1.console.amazonaws-us-gov.com/eks/home?region=us-gov-west-1#/clusters/wallet/nodegroups/workers"
    )]
    #[case(
        "arn:aws:apigateway:us-east-1::/restapis/abc123/stages/prod",
        "https://us-east-1.console.aws.amazon.com/apigateway/main/apis/abc123/resources?api=abc123&region=us-east-1"
    )]
    fn a_resource_has_a_page(#[case] arn: &str, #[case] page: &str) {
        assert_eq!(link(arn).as_deref(), Some(page));
    }

    #[rstest]
    #[case("")]
    #[case("payments")]
    #[case("arn:aws:s3:::bucket")]
    #[case("arn:aws:lambda:us-east-1:1:layer:x")]
    #[case("arn:elsewhere:lambda:us-east-1:1:function:x")]
    #[case("arn:aws:ecs:us-east-1:1:service")]
    fn what_has_no_page_has_no_link(#[case] arn: &str) {
        assert_eq!(link(arn), None);
    }
}
