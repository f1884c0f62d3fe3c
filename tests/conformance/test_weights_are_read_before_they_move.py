"""Promise: all gradients of an update are computed from the same weights, for every order of execution of a graph.

TensorFlow's graph optimizer can lose the order of reads and writes. Then the result is right or wrong by chance. So
these tests check the executed graphs and not the results.
"""

import collections


def test_every_read_of_a_variable_is_before_or_after_each_write(configuration, trained):
    graphs = trained(configuration, "graph").graphs
    assert sum(len(writes_of(graph)) for graph in graphs) >= 4
    assert [pair for graph in graphs for pair in unordered(graph)] == []


def unordered(graph):
    """Yields pairs of a write and a read of the same variable without a fixed order."""
    followers = collections.defaultdict(list)
    for node in graph.node:
        if node.op != "NextIteration":
            for name in node.input:
                followers[source(name)].append(node.name)
    reads = collections.defaultdict(list)
    for node in graph.node:
        if node.op == "ReadVariableOp":
            reads[source(node.input[0])].append(node.name)
    for write in writes_of(graph):
        later = reachable(write.name, followers)
        for read in reads[source(write.input[0])]:
            if read not in later and write.name not in reachable(read, followers):
                yield write.name, read


def writes_of(graph):
    return [node for node in graph.node if node.op.startswith("Assign")]


def reachable(name, followers):
    found, left = set(), [name]
    while left:
        new = set(followers[left.pop()]) - found
        found |= new
        left += new
    return found


def source(name):
    """Name of the node of an input, which is a tensor or a control input."""
    return name.lstrip("^").split(":")[0]
