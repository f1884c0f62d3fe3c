"""Promise: all gradients of an update are those of the same weights, whatever the order in which a graph's parts run.

TensorFlow's own optimizer of graphs loses this order in rare cases, and then a run is right or wrong by chance. What
runs is therefore looked at, not what comes out of it.
"""

import collections


def test_every_read_of_a_variable_is_before_or_after_each_write(configuration, trained):
    graphs = trained(configuration, "graph").graphs
    assert sum(len(writes_of(graph)) for graph in graphs) >= 4
    assert [pair for graph in graphs for pair in unordered(graph)] == []


def unordered(graph):
    """(write, read) of the same variable where neither waits for the other."""
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
    """The node that an input comes from, be it a tensor or a control input."""
    return name.lstrip("^").split(":")[0]
