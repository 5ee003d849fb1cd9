"""From a pod through its node to all that pulls from a registry: one finding, however many workloads.

There are no records of clusters and registries of Azure and Google yet, so the graph is drawn. Expectations: scenario
13 of the acceptance list (node identity and image push): fan-out is one path, a digest or a right to pull alone none.
"""

from poise.attackpaths.analysis import analyse
from poise.attackpaths.choices import Choices
from poise.attackpaths.choking import single_points
from poise.attackpaths.drawing import edge, node
from poise.attackpaths.facts import Facts
from poise.model.graph import Capability, EdgeKind

ACTS, MAY, RUNS = EdgeKind.CAN_AUTHENTICATE_AS, EdgeKind.HAS_PERMISSION, EdgeKind.IS_RUNNING
REGISTRY = "Microsoft.ContainerRegistry/registries"
STEPS = ["container_escape", "identity_of_workload", "granted_permission:write", "image_replaced"]


def paths(pulled=("shop", "cart", "mail"), pinned=False, gives=Capability.WRITE, **pod):
    """Return what is found from a pod whose node may push images, with the workloads that pull them."""
    nodes = [node("pod", "Pod", **{"escapes": True, **pod}), node("host", "Node"), node("kubelet", "principal")]
    nodes += [node("images", REGISTRY), *(node(one, "Deployment", pins_images=pinned, critical=True) for one in pulled)]
    edges = [edge("host", RUNS, "pod"), edge("host", ACTS, "kubelet"), edge("kubelet", MAY, "images", capability=gives)]
    edges += [edge("images", EdgeKind.MAINTAINS, one) for one in pulled]
    return analyse(Facts(nodes, edges), Choices(assumed_breaches=("pod",))).paths


def test_a_node_that_may_push_images_gives_all_workloads_as_one_finding():
    (path,) = paths()
    assert [taken.sign for taken in path.steps] == STEPS
    assert (path.count, path.stages[-1].nodes) == (3, ("cart", "mail", "shop"))
    assert {"host", "kubelet", "images"} <= set(single_points(path))


def test_near_misses_of_a_replaced_image():
    assert paths(pinned=True) == ()
    assert paths(gives=Capability.READ) == ()
    assert paths(escapes=False) == ()
