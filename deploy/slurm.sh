#!/bin/bash
# Two workers with four GPUs each: sbatch deploy/slurm.sh
#SBATCH --job-name=gan
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-task=4
#SBATCH --cpus-per-task=16
#SBATCH --time=24:00:00
#SBATCH --requeue
# Slurm tells the workers two minutes before the end of the time, so that they save a checkpoint.
#SBATCH --signal=TERM@120

workdir=${WORKDIR:-/shared/gan}
flagfile=${FLAGFILE:-configs/gngan_cifar10.cfg}

srun --kill-on-bad-exit=0 tfgan2 train --flagfile="$flagfile" --strategy=multiworker --workdir="$workdir"
code=$?

# 75: stopped after a checkpoint. 69: another worker was lost. The same job goes on from the last checkpoint.
case $code in
    69 | 75) scontrol requeue "$SLURM_JOB_ID" ;;
    *) exit "$code" ;;
esac
