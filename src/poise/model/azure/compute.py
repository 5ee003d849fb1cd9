"""Records of Azure virtual machines."""

from poise.model.asset import Asset, Part, asset_kind


class AttachedDisk(Part, frozen=True, kw_only=True):
    """A disk of a machine: managed, or a file in a storage account."""

    name: str | None
    """Name of the disk."""
    disk: str | None
    """Id of the managed disk; None for an unmanaged one."""
    vhd: str | None
    """Address of the file of an unmanaged disk; None for a managed one."""


@asset_kind("Microsoft.Compute/virtualMachines", "azure")
class VirtualMachine(Asset):
    """A virtual machine, as it is configured."""

    vm_id: str | None
    """Id that the machine itself sees; None if not told."""
    size: str
    """Hardware size, such as `Standard_D2s_v5`."""
    image: str | None
    """`publisher:offer:sku:version`, or the id of a gallery image; None if made from a disk."""
    os_type: str | None
    """`Linux` or `Windows`; None if not told."""
    os_disk: AttachedDisk
    """The disk it boots from."""
    data_disks: tuple[AttachedDisk, ...]
    """Further disks."""
    network_interfaces: tuple[str, ...]
    """Ids of its network interfaces."""
    admin_username: str | None
    """Name of the first administrator; None for a machine made from a specialized disk."""
    password_login_disabled: bool | None
    """Linux: whether SSH refuses passwords; None if never set (passwords work) or not Linux."""
    ssh_keys: int | None
    """Linux: number of public keys given at creation; None if not Linux."""
    identity: str | None
    """Type of the managed identity; None if it has none."""
    identity_principal: str | None
    """Object id of the principal of its system-assigned identity; None if it has none."""
    user_identities: tuple[str, ...]
    """Ids of the user-assigned identities."""
    user_identity_principals: tuple[str, ...]
    """Object ids of the principals of its user-assigned identities, in the same order."""
    encryption_at_host: bool | None
    """Whether the host encrypts temporary disks and caches too; None if never set, which is no."""
    security_type: str | None
    """`TrustedLaunch` or `ConfidentialVM`; None if never set, which is neither."""
    secure_boot: bool | None
    """Whether only signed code boots; None if never set, which is no."""
    extensions: tuple[str, ...]
    """Ids of its extensions."""
    zones: tuple[str, ...]
    """Availability zones."""
