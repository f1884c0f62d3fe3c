"""What the workers of a run agree on while they train."""

import contextlib

import tensorflow as tf
from tensorflow.python.eager import context

from tfgan2.errors import WorkerLostError

_LEAVING = 10  # seconds that a worker waits for the others before it ends

_SIGNS = ("Collective ops is aborted", "CoordinationService", "tensorflow.WorkerService")
"""What TensorFlow's errors say when a worker is gone, whatever their class."""


class Team:
    """The processes that run the replicas of a strategy. Any strategy does: most have one process.

    Args:
      strategy: of `tf.distribute`.

    Attributes:
      index: of this process.
      count: of processes.
    """

    def __init__(self, strategy):
        resolver = getattr(strategy, "cluster_resolver", None)
        workers = resolver.cluster_spec().job_tasks("worker") if resolver else [None]
        self.count = len(workers)
        self.index = resolver.task_id if resolver else 0
        self._strategy = strategy
        self._gather = tf.function(lambda values: strategy.run(self._gather_on_replica, (values,)), autograph=False)

    @property
    def is_chief(self):
        """Whether this process is the chief, the only one that writes and reports."""
        return self.index == 0

    def gather(self, *values):
        """The floats that each worker gives here, as a tuple for each; all workers call it at the same point."""
        if self.count == 1:
            return [values]
        rows = self._strategy.experimental_local_results(self._gather(tf.constant([values], tf.float64)))[0].numpy()
        return [tuple(row) for row in rows[:: len(rows) // self.count].tolist()]

    def deal(self, dataset):
        """The iterator over a dataset of this worker's parts of the global batches, dealt out to its replicas."""
        if self.count == 1:
            return iter(self._strategy.experimental_distribute_dataset(dataset))
        replicas = self._strategy.num_replicas_in_sync // self.count
        rows = tf.nest.flatten(dataset.element_spec)[0].shape[0] // replicas
        # Of a dataset without end TensorFlow does not ask all workers before each batch whether they still have one.
        parts = dataset.rebatch(rows, drop_remainder=True).repeat()
        return iter(self._strategy.distribute_datasets_from_function(lambda _: parts))

    def wait(self):
        """Returns when all workers are here."""
        self.gather(0.0)

    @contextlib.contextmanager
    def leaving_together(self):
        """When this context is left, even by an error, waits a little until all workers do so, the chief last.

        The end of a process cuts off what the others still exchange with it: a worker that was through with the very
        last exchange could make it fail elsewhere. So they leave by TensorFlow's coordination service, which the chief
        hosts. A worker that ends alone does not wait for long.
        """
        try:
            yield
        except tf.errors.OpError:
            raise  # another has left
        except BaseException:
            self._leave()
            raise
        self._leave()

    def _leave(self):
        if self.count == 1:
            return
        messages, others = context.context(), range(1, self.count)
        with contextlib.suppress(tf.errors.OpError):
            if self.is_chief:
                for index in others:
                    messages.get_config_key_value(f"arrived/{index}", 1000 * _LEAVING)
                messages.set_config_key_value("leave", "now")
                for index in others:
                    messages.get_config_key_value(f"left/{index}", 1000 * _LEAVING)
            else:
                messages.set_config_key_value(f"arrived/{self.index}", "yes")
                messages.get_config_key_value("leave", 1000 * _LEAVING)
                messages.set_config_key_value(f"left/{self.index}", "yes")

    @staticmethod
    def _gather_on_replica(values):
        placed = tf.identity(values)  # on this replica's device, which is where the collective looks for it
        return tf.distribute.get_replica_context().all_gather(placed, axis=0)


@contextlib.contextmanager
def naming_lost_workers():
    """Turns what TensorFlow says when a worker is gone into a WorkerLostError.

    Raises:
      WorkerLostError: another worker ended or cannot be reached.
    """
    try:
        yield
    except tf.errors.OpError as error:
        if not any(sign in str(error) for sign in _SIGNS):
            raise
        raise WorkerLostError(
            "another worker of this run ended or cannot be reached; its own output says why. "
            "Start all workers again: they go on from the last checkpoint."
        ) from error
