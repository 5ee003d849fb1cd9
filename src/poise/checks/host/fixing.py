"""How faults of machines are cured: by hand on the machine, by a command on it, by Terraform's cloud-config."""

from __future__ import annotations

from poise.model import Fix


def in_file(path: str, lines: str, then: str, impact: str = "") -> Fix:
    """Cure by a file of its own that holds some lines, and a command that makes them count."""
    shown = ", ".join(f"`{line}`" for line in lines.strip().splitlines())
    indented = "\n".join(f"          {line}" for line in lines.strip().splitlines())
    quoted = lines.strip().replace("\n", "\\n")
    return Fix(
        console=f"Sign in to {{name}} as root, write {shown} to {path}, then run `{then}`.",
        cli=f"printf '{quoted}\\n' | sudo tee {path} >/dev/null && sudo {then}",
        terraform=f"""
resource "aws_instance" "this" {{
  user_data = <<-EOT
    #cloud-config
    write_files:
      - path: {path}
        content: |
{indented}
    runcmd:
      - {then}
  EOT
}}
""",
        impact=impact,
    )


def by_command(command: str, why: str, impact: str = "") -> Fix:
    """Cure by a command on the machine."""
    steps = "\n".join(f"      - {line}" for line in command.strip().splitlines())
    run = " && ".join(f"sudo {line}" for line in command.strip().splitlines())
    return Fix(
        console=f"Sign in to {{name}} as root and {why}: `{'; '.join(command.strip().splitlines())}`.",
        cli=run,
        terraform=f"""
resource "aws_instance" "this" {{
  user_data = <<-EOT
    #cloud-config
    runcmd:
{steps}
  EOT
}}
""",
        impact=impact,
    )


def sshd(line: str, impact: str = "Keep a session open until a new one works.") -> Fix:
    """Cure by a line of the SSH server's configuration; the first value that it meets counts."""
    keyword = line.split()[0].lower()
    return in_file(f"/etc/ssh/sshd_config.d/10-{keyword}.conf", line, "sh -c 'sshd -t && systemctl reload ssh'", impact)


def sysctl(name: str, *lines: str, impact: str = "") -> Fix:
    """Cure by kernel parameters."""
    return in_file(f"/etc/sysctl.d/60-{name}.conf", "\n".join(lines), "sysctl --system", impact)


def mode(path: str, mode: str, group: str = "root") -> Fix:
    """Cure by owner and mode of a file."""
    return by_command(f"chown root:{group} {path}\nchmod {mode} {path}", "set owner and mode")


def on_windows(command: str) -> Fix:
    """Cure by a command in a PowerShell of an administrator."""
    return Fix(
        console=f"Set the value in a group policy, or open PowerShell on {{name}} as administrator and run `{command}`.",
        cli=command,
        terraform=f"""
resource "aws_instance" "this" {{
  user_data = <<-EOT
    <powershell>
    {command}
    </powershell>
  EOT
}}
""",
    )
