"""Tokens of code forges, package registries and build services."""

import re

from poise.secrets.proof import has_crc32, is_key_material, is_no_stand_in, is_random
from poise.secrets.rule import Place, Rule

RULES = (
    Rule(
        name="github_token",
        title="GitHub personal access token",
        keywords=(b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![A-Za-z0-9_])(gh[pousr]_[A-Za-z0-9]{36})(?![A-Za-z0-9_])"),
        accept=has_crc32,
        after=64,
    ),
    Rule(
        name="github_token",
        title="GitHub personal access token",
        keywords=(b"github_pat_",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![A-Za-z0-9_])(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9_])"),
        accept=is_no_stand_in,
        after=128,
    ),
    Rule(
        name="gitlab_token",
        title="GitLab access token",
        keywords=(b"glpat-", b"gldt-", b"glrt-"),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![\w\-])(gl(?:pat|dt|rt)-[\w\-]{20,60}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?)(?![\w\-])"),
        accept=is_no_stand_in,
        after=128,
    ),
    Rule(
        name="npm_token",
        title="npm access token",
        keywords=(b"npm_",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![A-Za-z0-9_])(npm_[A-Za-z0-9]{36})(?![A-Za-z0-9_])"),
        accept=has_crc32,
        after=64,
    ),
    Rule(
        name="npm_token",
        title="npm access token",
        keywords=(b"token",),
        pattern=re.compile(
            rb"_authToken\s{0,3}=\s{0,3}[\"']?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
        ),
        accept=is_no_stand_in,
    ),
    Rule(
        name="pypi_token",
        title="PyPI upload token",
        keywords=(b"pypi-ageichlwas",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(pypi-AgEIcHlwaS[\w\-]{50,200})"),
        accept=is_no_stand_in,
    ),
    Rule(
        name="travis_token",
        title="Travis personal token",
        keywords=(b"token",),
        pattern=re.compile(
            rb"travis[\w.\-]{0,24}token[\"']?\s{0,4}(?:=>|:=|[:=]|\s)\s{0,4}[\"']?([\w\-]{20,22})(?![\w\-])",
            re.IGNORECASE,
        ),
        accept=is_key_material,
        before=40,
    ),
    Rule(
        name="databricks_token",
        title="Azure Databricks personal access token",
        keywords=(b"dapi",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![A-Za-z0-9])(dapi[0-9a-f]{32}(?:-\d)?)(?![A-Za-z0-9])"),
        accept=is_random,
        after=64,
    ),
)
