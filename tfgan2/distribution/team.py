"""Communication between the workers of a run during training."""

import contextlib

import tensorflow as tf
from tensorflow.python.eager import context

from tfgan2.errors import WorkerLostError

_LEAVE_SECONDS = 10  # Time limit of a worker that waits for the others before it ends.

_SIGNS_OF_A_LOST_WORKER = ("Collective ops is aborted", "CoordinationService", "tensorflow.WorkerService")
"""Texts in TensorFlow's errors after the loss of a worker. The class of the error varies."""


class Team:
    """The worker processes that run the replicas of a strategy. Most strategies have one process.

    Args:
      strategy: A `tf.distribute.Strategy`.

    Attributes:
      index: Index of this process.
      count: Number of processes.
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
        """Whether this process is the chief, the only process that writes files and messages."""
        return self.index == 0

    def gather(self, *values):
        """Exchanges numbers between all workers. All workers must call it at the same point.

        Args:
          *values: Floats of this worker, the same number of floats on each worker.

        Returns:
          One tuple of floats per worker, in the order of their indices.
        """
        if self.count == 1:
            return [values]
        rows = self._strategy.experimental_local_results(self._gather(tf.constant([values], tf.float64)))[0].numpy()
        return [tuple(row) for row in rows[:: len(rows) // self.count].tolist()]

    def distribute(self, dataset):
        """Distributes batches over the replicas of this worker.

        Args:
          dataset: A `tf.data.Dataset` of this worker's parts of the global batches.

        Returns:
          An iterator over the distributed batches.
        """
        if self.count == 1:
            return iter(self._strategy.experimental_distribute_dataset(dataset))
        replicas = self._strategy.num_replicas_in_sync // self.count
        rows = tf.nest.flatten(dataset.element_spec)[0].shape[0] // replicas
        # With an infinite dataset TensorFlow does not check before each batch whether all workers have a batch.
        batches = dataset.rebatch(rows, drop_remainder=True).repeat()
        return iter(self._strategy.distribute_datasets_from_function(lambda _: batches))

    def wait(self):
        """Waits until all workers call it."""
        self.gather(0.0)

    @contextlib.contextmanager
    def leaving_together(self):
        """Context that all workers leave together, also after an error. The chief leaves last.

        If a worker ended right after the last exchange, the same exchange could still fail on a slower worker. So the
        workers wait for each other through TensorFlow's coordination service, which runs in the chief. The wait has a
        limit of a few seconds, in case a worker is lost.
        """
        try:
            yield
        except tf.errors.OpError:
            raise  # Another worker is lost.
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
                    messages.get_config_key_value(f"arrived/{index}", 1000 * _LEAVE_SECONDS)
                messages.set_config_key_value("leave", "now")
                for index in others:
                    messages.get_config_key_value(f"left/{index}", 1000 * _LEAVE_SECONDS)
            else:
                messages.set_config_key_value(f"arrived/{self.index}", "yes")
                messages.get_config_key_value("leave", 1000 * _LEAVE_SECONDS)
                messages.set_config_key_value(f"left/{self.index}", "yes")

    @staticmethod
    def _gather_on_replica(values):
        placed = tf.identity(values)  # The collective needs its input on the device of this replica.
        return tf.distribute.get_replica_context().all_gather(placed, axis=0)


@contextlib.contextmanager
def naming_lost_workers():
    """Context that converts TensorFlow's errors after the loss of a worker to WorkerLostError.

    Raises:
      WorkerLostError: Another worker ended or cannot be reached.
    """
    try:
        yield
    except tf.errors.OpError as error:
        if not any(sign in str(error) for sign in _SIGNS_OF_A_LOST_WORKER):
            raise
        raise WorkerLostError(
            "another worker of this run ended or cannot be reached. See its output for the reason. "
            "Start all workers again to continue from the last checkpoint."
        ) from error
