"""Which kinds of nodes are machines, functions, stores, secrets or administered scopes; by the provider's own names."""

from __future__ import annotations

from poise.attackpaths.facts import Facts

MACHINES = frozenset(
    {
        "AWS::EC2::Instance",
        "AWS::ECS::Task",
        "Microsoft.Compute/virtualMachines",
        "Microsoft.Compute/virtualMachineScaleSets",
        "Microsoft.HybridCompute/machines",
        "compute.googleapis.com/Instance",
        "Machine",
        "Pod",
        "Deployment",
        "Node",
    }
)
"""Things that run code that somebody may log in to or exploit."""
FUNCTIONS = frozenset(
    {
        "AWS::Lambda::Function",
        "AWS::Lambda::Url",
        "Microsoft.Web/sites",
        "Microsoft.Automation/automationAccounts",
        "Microsoft.Logic/workflows",
        "cloudfunctions.googleapis.com/Function",
        "run.googleapis.com/Service",
    }
)
"""Things that run code that somebody may call or replace."""
DATABASES = frozenset(
    {
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster",
        "AWS::DynamoDB::Table",
        "AWS::Redshift::Cluster",
        "Microsoft.Sql/servers",
        "Microsoft.Sql/servers/databases",
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforMySQL/flexibleServers",
        "Microsoft.DocumentDB/databaseAccounts",
        "sqladmin.googleapis.com/Instance",
        "bigquery.googleapis.com/Dataset",
    }
)
NETWORKED = DATABASES - {"AWS::DynamoDB::Table", "bigquery.googleapis.com/Dataset"}
"""Databases that take packets; the others take calls to the provider's API."""
BUCKETS = frozenset(
    {
        "AWS::S3::Bucket",
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "storage.googleapis.com/Bucket",
    }
)
COPIES = frozenset(
    {
        "AWS::EC2::Snapshot",
        "AWS::EC2::Image",
        "AWS::RDS::DBSnapshot",
        "AWS::RDS::DBClusterSnapshot",
        "AWS::ECR::Repository",
        "Microsoft.Compute/snapshots",
        "Microsoft.Compute/disks",
    }
)
"""Copies of disks, databases and images."""
STORES = DATABASES | BUCKETS | COPIES
VAULTS = frozenset(
    {
        "AWS::SecretsManager::Secret",
        "AWS::SSM::Parameter",
        "Microsoft.KeyVault/vaults",
        "Microsoft.KeyVault/vaults/secrets",
        "secretmanager.googleapis.com/Secret",
    }
)
KEYS = frozenset({"AWS::KMS::Key", "Microsoft.KeyVault/vaults/keys", "cloudkms.googleapis.com/CryptoKey"})
SCOPES = frozenset(
    {
        "AWS::::Account",
        "AWS::Organizations::Organization",
        "Microsoft.Resources/subscriptions",
        "Microsoft.Management/managementGroups",
        "Microsoft.Entra/tenant",
        "cloudresourcemanager.googleapis.com/Project",
        "cloudresourcemanager.googleapis.com/Organization",
    }
)
"""What holds everything else: accounts, subscriptions, tenants, projects."""
CLUSTERS = frozenset(
    {
        "AWS::EKS::Cluster",
        "Microsoft.ContainerService/managedClusters",
        "container.googleapis.com/Cluster",
        "Cluster",
    }
)
PROGRAM = "Microsoft.Graph/servicePrincipals"
"""A program as it acts in an Entra directory."""
REPOSITORIES = frozenset({"GitHub::Repository", "repository"})
SECRET, VULNERABILITY, ISSUER, ACCOUNT, NETWORK = "secret", "vulnerability", "issuer", "account", "network"
"""Kinds of nodes that no provider keeps as assets."""


def is_machine(facts: Facts, node: str) -> bool:
    """Say whether packets end here: it runs code or keeps data, rather than passing packets on."""
    kind = facts.kind(node)
    return kind in MACHINES or kind in FUNCTIONS or kind in DATABASES or kind in CLUSTERS
