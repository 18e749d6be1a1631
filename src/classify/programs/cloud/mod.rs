//! The command lines of the clouds: `aws`, `gcloud`, `az`, what stands around them, and smaller
//! clouds.

mod aws;
mod az;
mod deployers;
mod gcloud;
mod groups;
mod kin;
mod objects;
mod others;
mod storage;

use super::{How, Program};

pub use aws::api_call;

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["aws", "aws2", "awslocal"], how: How::Code(aws::call) },
    Program { names: &["gcloud"], how: How::Code(gcloud::call) },
    Program { names: &["gsutil"], how: How::Table(&storage::GSUTIL) },
    Program { names: &["bq"], how: How::Table(&storage::BQ) },
    Program { names: &["az"], how: How::Code(az::call) },
    Program { names: &["azcopy"], how: How::Table(&storage::AZCOPY) },
    Program { names: &["eksctl"], how: How::Table(&kin::EKSCTL) },
    Program { names: &["eb"], how: How::Table(&kin::EB) },
    Program { names: &["ecs-cli"], how: How::Table(&kin::ECS_CLI) },
    Program { names: &["aws-nuke", "azure-nuke", "gcp-nuke"], how: How::Table(&kin::NUKE) },
    Program { names: &["cloud-nuke"], how: How::Table(&kin::CLOUD_NUKE) },
    Program { names: &["saml2aws"], how: How::Table(&kin::SAML2AWS) },
    Program { names: &["aws-sso"], how: How::Table(&kin::AWS_SSO) },
    Program { names: &["amplify"], how: How::Table(&kin::AMPLIFY) },
    Program { names: &["chalice"], how: How::Table(&kin::CHALICE) },
    Program { names: &["ibmcloud", "bx"], how: How::Table(&others::IBMCLOUD) },
    Program { names: &["oci"], how: How::Table(&others::OCI) },
    Program { names: &["aliyun"], how: How::Table(&others::ALIYUN) },
    Program { names: &["scw"], how: How::Table(&others::SCW) },
    Program { names: &["openstack"], how: How::Table(&others::OPENSTACK) },
    Program { names: &["exo"], how: How::Table(&others::EXO) },
    Program { names: &["yc"], how: How::Table(&others::YC) },
    Program { names: &["s3cmd"], how: How::Table(&objects::S3CMD) },
    Program { names: &["s5cmd"], how: How::Table(&objects::S5CMD) },
    Program { names: &["azd"], how: How::Table(&deployers::AZD) },
    Program { names: &["rain"], how: How::Table(&deployers::RAIN) },
    Program { names: &["rosa"], how: How::Table(&deployers::ROSA) },
    Program { names: &["civo"], how: How::Table(&others::CIVO) },
    Program { names: &["upctl"], how: How::Table(&others::UPCTL) },
    Program { names: &["ionosctl"], how: How::Table(&others::IONOSCTL) },
    Program {
        names: &["cloud-sql-proxy", "cloud_sql_proxy", "alloydb-auth-proxy"],
        how: How::Table(&deployers::PROXY),
    },
];
