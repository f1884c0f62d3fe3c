"""Promise: on one device a chunk of steps, with its optimizers and averages, is one XLA program."""

CALLS = ("PartitionedCall", "StatefulPartitionedCall")
WRITES = {"AssignAddVariableOp", "AssignVariableOp"}


def test_a_chunk_is_one_program(compiled_configuration, trained):
    graphs = trained(compiled_configuration, "xla").graphs
    chunks = [graph for graph in graphs if "IteratorGetNext" in operations(graph)]
    assert chunks
    for graph in chunks:
        (program,) = (node for node in graph.node if node.op in CALLS)
        assert program.attr["_XlaMustCompile"].b
        assert not WRITES & operations(graph)


def test_a_chunk_that_is_not_compiled_has_its_writes(trained):
    assert set().union(*map(operations, trained("standard_gan", "graph").graphs)) >= WRITES


def operations(graph):
    return {node.op for node in graph.node}
