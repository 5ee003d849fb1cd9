"""An ordinary virtual machine, as it should be: examples change what they are about."""

from poise.model.azure.compute import AttachedDisk, VirtualMachine
from poise.model.samples.azure_subscription import GROUP, NETWORK_PROVIDER, REGION, SUBSCRIPTION

VIRTUAL_MACHINE = VirtualMachine(
    id=f"{GROUP}/providers/microsoft.compute/virtualmachines/web1",
    name="web1",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={"team": "shop"},
    vm_id="0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    size="Standard_D2s_v5",
    image="Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest",
    os_type="Linux",
    os_disk=AttachedDisk(name="web1-os", disk=f"{GROUP}/providers/microsoft.compute/disks/web1-os", vhd=None),
    data_disks=(),
    network_interfaces=(f"{NETWORK_PROVIDER}/networkinterfaces/web1-nic",),
    admin_username="azureuser",
    password_login_disabled=True,
    ssh_keys=1,
    identity="SystemAssigned",
    identity_principal="aaaabbbb-0000-1111-2222-333344445555",
    user_identities=(),
    user_identity_principals=(),
    encryption_at_host=True,
    security_type="TrustedLaunch",
    secure_boot=True,
    extensions=(),
    zones=("1",),
)
