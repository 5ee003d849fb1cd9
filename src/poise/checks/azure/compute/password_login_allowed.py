"""Linux machines whose SSH accepts passwords.

Passwords are guessed by machines day and night; a key is not. Azure writes this setting into SSH's configuration when
the machine is made, and passwords work where it was not set.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.azure.compute import VirtualMachine
from poise.model.samples.azure_compute import VIRTUAL_MACHINE


def evaluate(machine: VirtualMachine) -> Verdict:
    if machine.os_type == "Windows":
        return not_applicable("it runs Windows")
    if machine.os_type is None:
        return unknown("the answer does not say what it runs")
    if machine.admin_username is None:
        return not_applicable("it was made from a finished disk, so Azure never set up its sign-in")
    if machine.password_login_disabled:
        return healthy("SSH refuses passwords")
    return unhealthy("SSH accepts passwords", seen=machine.password_login_disabled)


CHECK = Check(
    title="Linux machines should refuse passwords over SSH",
    asset=VirtualMachine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://learn.microsoft.com/en-us/azure/virtual-machines/linux/create-ssh-keys-detailed",
    evaluate=evaluate,
    fix=Fix(
        console="Give {name} a key: Help, Reset password, Add SSH public key. Then set PasswordAuthentication no in "
        "/etc/ssh/sshd_config on the machine and restart SSH. Azure's own setting changes with a new machine only.",
        cli="az vm user update --ids {id} --username USER --ssh-key-value ~/.ssh/id_ed25519.pub",
        terraform="""
resource "azurerm_linux_virtual_machine" "this" {
  name                            = "{name}"
  disable_password_authentication = true
  admin_ssh_key {
    username   = "USER"
    public_key = file("~/.ssh/id_ed25519.pub")
  }
}
""",
        impact="People and scripts that sign in with a password are locked out; try the key first.",
    ),
    examples=(
        Example("keys", VIRTUAL_MACHINE, "healthy"),
        Example("passwords", replace(VIRTUAL_MACHINE, password_login_disabled=False), "unhealthy"),
        Example("never set", replace(VIRTUAL_MACHINE, password_login_disabled=None), "unhealthy"),
        Example("Windows", replace(VIRTUAL_MACHINE, os_type="Windows", password_login_disabled=None), "not_applicable"),
        Example(
            "finished disk",
            replace(VIRTUAL_MACHINE, admin_username=None, password_login_disabled=None),
            "not_applicable",
        ),
        Example("system not told", replace(VIRTUAL_MACHINE, os_type=None), "unknown", "what it runs"),
        Example("unread", replace(VIRTUAL_MACHINE, unread={"password_login_disabled": "denied"}), "unknown", "denied"),
    ),
)
