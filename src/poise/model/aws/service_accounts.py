"""Accounts of AWS itself that customers let into their buckets because a service asks for it.

Source: Elastic Load Balancing User Guide, "Enable access logs", bucket policy for regions from before August 2022.
Newer regions use a service principal instead.
"""

LOAD_BALANCER_LOGS = frozenset({
    "127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648", "589379963580",
    "718504428378", "383597477331", "600734575887", "114774131450", "783225319266", "582318560864", "985666609251",
    "054676820928", "156460612806", "652711504416", "635631232127", "009996457667", "897822967062", "076674570225",
    "507241528517", "048591011584", "190560391635", "638102146993", "037604701340",
})  # fmt: skip
"""Accounts that deliver the access logs of load balancers, one a region."""
