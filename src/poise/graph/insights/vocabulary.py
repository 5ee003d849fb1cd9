"""The vocabulary of insights and connections that users of other products know, and where it is found here.

For each pair of an insight and a kind of thing it is told by which name a node has it, or why it has it not.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_COLLECTED = "assets of this kind are not collected"
NO_METHODS = "how people of the Entra directory sign in is not collected"
NO_KUBERNETES = "clusters are not collected"
NO_REPOSITORIES = "repositories are known from trusts alone, not collected"
NO_GCP = "GCP is not collected"
NO_HOSTED = "databases that run on machines are told by disk scans alone"
NO_SCANS = "it is told where scans of machines and images are stored"

KINDS: Mapping[str, tuple[str, ...]] = {
    "AWS EC2": ("AWS::EC2::Instance",),
    "AWS S3": ("AWS::S3::Bucket",),
    "AWS RDS instance": ("AWS::RDS::DBInstance",),
    "AWS RDS cluster": ("AWS::RDS::DBCluster",),
    "AWS account": ("AWS::::Account",),
    "IAM user": ("AWS::IAM::User",),
    "Azure VM": ("Microsoft.Compute/virtualMachines",),
    "Azure Storage Account": ("Microsoft.Storage/storageAccounts",),
    "Azure SQL Server": ("Microsoft.Sql/servers",),
    "Azure SQL Database": ("Microsoft.Sql/servers/databases",),
    "Azure subscription": ("Microsoft.Resources/subscriptions",),
    "Azure resource group": ("Microsoft.Resources/resourceGroups",),
    "Azure Managed Identity": ("principal",),
    "Microsoft Entra user": ("Microsoft.Graph/users",),
    "Microsoft Entra group": ("Microsoft.Graph/groups",),
    "Microsoft Entra identity": ("Microsoft.Graph/users", "Microsoft.Graph/servicePrincipals"),
    "Public IP": ("AWS::EC2::EIP", "Microsoft.Network/publicIPAddresses"),
    "VNET": ("Microsoft.Network/virtualNetworks",),
    "VPC": ("AWS::EC2::VPC",),
    "Subnet": ("AWS::EC2::Subnet", "Microsoft.Network/virtualNetworks/subnets"),
    "Load Balancer": ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"),
    "Internet Gateway": ("AWS::EC2::InternetGateway",),
    "any classified asset": ("*",),
    "All Azure": ("*",),
    "AWS": ("*",),
    "All Azure & AWS resources": ("*",),
    "VMs, cloud deployments, repositories": ("AWS::EC2::Instance", "AWS::Lambda::Function"),
}
"""Name in the vocabulary -> kinds of nodes; `*` is every asset."""
SAME: Mapping[str, str] = {
    "EC2": "AWS EC2",
    "EC2 instance": "AWS EC2",
    "AWS S3 bucket": "AWS S3",
    "RDS Instance": "AWS RDS instance",
    "RDS Instance (preview)": "AWS RDS instance",
    "RDS Cluster": "AWS RDS cluster",
    "RDS Cluster (preview)": "AWS RDS cluster",
    "Azure virtual machine": "Azure VM",
    "Azure VM/VMSS": "Azure VM",
    "Azure storage account": "Azure Storage Account",
    "Azure Data Lake Storage Gen2": "Azure Storage Account",
    "Azure SQL server": "Azure SQL Server",
    "Azure SQL Server (preview)": "Azure SQL Server",
    "SQL Servers": "Azure SQL Server",
    "Azure SQL database": "Azure SQL Database",
    "Azure SQL Database (preview)": "Azure SQL Database",
    "Managed Identity": "Azure Managed Identity",
    "Microsoft Entra managed identity": "Azure Managed Identity",
    "Internet gateway": "Internet Gateway",
    "Microsoft Entra user account": "Microsoft Entra user",
}
"""Another spelling -> the name in `KINDS`."""
MISSING: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("Azure Cosmos DB", "Azure Cosmos DB accounts", "Azure SQL Managed Instance", "Azure MySQL Single Server"),
            *("Azure MySQL Flexible Server", "Azure PostgreSQL Single Server", "Azure PostgreSQL Flexible Server"),
            *("Azure MariaDB Single Server", "Synapse Workspace", "Azure Synapse Analytics", "Azure VMSS"),
            *("Azure Database for MySQL", "Azure Database for PostgreSQL", "Azure App Services", "API endpoints"),
            *("Storage account container", "Azure Storage Account Container"),
            *("RDS Instance Database", "RDS Instance Database (preview)"),
        ),
        NOT_COLLECTED,
    ),
    **dict.fromkeys(
        (
            *("Kubernetes pod", "Kubernetes container", "Kubernetes namespace", "Kubernetes cluster"),
            *("Kubernetes service", "Kubernetes workload controller", "Kubernetes replica set", "Kubernetes jobs"),
            *("Kubernetes stateful set", "Kubernetes daemon set", "Kubernetes cron job", "All Kubernetes entities"),
        ),
        NO_KUBERNETES,
    ),
    **dict.fromkeys(
        (
            *("GCP VM", "GCP VM instance", "GCP SQL admin instance", "GCP cloud storage bucket", "GCP project"),
            *("GCP Folder", "GCP Organization", "GCP instance group", "and GCP resources"),
        ),
        NO_GCP,
    ),
    **dict.fromkeys(
        (
            *("Azure DevOps repository", "GitHub repository", "GitHub owner", "Azure DevOps project"),
            *("Azure DevOps organization", "All DevOps entities"),
        ),
        NO_REPOSITORIES,
    ),
    **dict.fromkeys(
        (
            *("SQL VM", "Arc-Enabled SQL VM", "SQL", "Arc-Enabled SQL", "Hosted MongoDB", "Hosted MySQL"),
            *("Hosted Oracle", "Hosted PostgreSQL", "Hosted SQL Server"),
        ),
        NO_HOSTED,
    ),
    **dict.fromkeys(("Container image", "container images, containers"), NO_SCANS),
}
"""Name in the vocabulary -> why there are no such nodes."""
INSIGHTS: Mapping[str, str] = {
    "Exposed to the internet": "exposed",
    "Allows basic authentication": "allows_basic_authentication",
    "Contains sensitive data": "sensitive",
    "Moves data to": "edge:moves data to",
    "Gets data from": "edge:moves data to",
    "Has tags": "tags",
    "Allows public access": "allows_public_access",
    "Doesn't have MFA enabled": "has_mfa",
    "Is managed": "managed",
    "Is external user": "external",
    "Identity metadata": "enabled",
    "Public IP metadata": "address",
    "Exposure width (wide/narrow)": "exposure_width",
    "Critical resource": "critical",
    "Secrets (per type, with what they can authenticate to)": "edge:holds secret",
}
"""Insight -> the name under which nodes have it, `tags`, or the edge that says it."""
UNTOLD: Mapping[str, str] = {
    "Installed software": NO_SCANS,
    "Has high severity vulnerabilities": NO_SCANS,
    "Vulnerable to remote code execution": NO_SCANS,
    "Software bill of materials / installed software on images and containers": NO_SCANS,
    "Contains common usernames": NO_HOSTED,
    "Can execute code on the host": NO_HOSTED,
    "Has vulnerabilities": NO_HOSTED,
    "DEASM findings": "nothing is scanned from outside",
    "Privileged container": NO_KUBERNETES,
    "Uses host network": NO_KUBERNETES,
    "Trusted exposure": "trusted networks are set where attack paths are judged",
    "Is active (repository neither archived nor disabled)": NO_REPOSITORIES,
    "AllowsAnonymousAccess / UnencryptedAccess (API risk factors)": NOT_COLLECTED,
}
"""Insight -> why no node has it yet."""
UNTOLD_OF: Mapping[tuple[str, str], str] = {("Doesn't have MFA enabled", "Microsoft Entra user account"): NO_METHODS}
"""Insight and name in the vocabulary -> why nodes of this kind do not have it, though others do."""
BY_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "exposed": (
        *("AWS::EC2::Instance", "AWS::RDS::DBInstance", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        *("AWS::ElasticLoadBalancing::LoadBalancer", "AWS::Lambda::Function", "AWS::S3::Bucket"),
        *("Microsoft.Compute/virtualMachines", "Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"),
        "Microsoft.Sql/servers",
    ),
    "exposure_width": ("AWS::EC2::Instance", "Microsoft.Compute/virtualMachines"),
    "managed": ("principal",),
    "sensitive": ("*",),
    "critical": ("*",),
}
"""Insight that families or whoever builds the graph tell -> kinds."""
