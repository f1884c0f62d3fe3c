"""Packaging. The version comes from tfgan2/__init__.py, read as text: importing it would need TensorFlow."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = re.search(r'^__version__ = "(.+)"$', (ROOT / "tfgan2/__init__.py").read_text(encoding="utf-8"), re.M)[1]

# The same ranges stand in requirements.in, from which requirements.lock is made.
setup(
    name="tfgan2",
    version=VERSION,
    description="GANs for TensorFlow 2 and Keras 3 that cover every mode, or avoid what is marked as unwanted",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license_expression="Apache-2.0",
    license_files=["LICENSE"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Typing :: Typed",
    ],
    python_requires=">=3.11,<3.14",
    install_requires=[
        "tensorflow==2.21.*",
        "keras==3.15.*",
        "tensorboard==2.21.*",
        "tensorflow-serving-api==2.21.*",
        "absl-py>=2.5",
        "numpy>=2.4",
        "scipy>=1.17",
        "matplotlib>=3.11",
        "tqdm>=4.70",
        "packaging>=26",
        "pillow>=12",
        "scikit-learn>=1.8",
        "tensorflow-datasets==4.9.10",
        "importlib-resources>=7",
    ],
    extras_require={
        "gpu": ["tensorflow[and-cuda]==2.21.*"],
        "onnx": ["tf2onnx>=1.17", "onnxruntime>=1.32"],
        "safetensors": ["safetensors>=0.8"],
        "serve": ["fastapi>=0.165", "uvicorn>=0.54"],
        "sweep": ["optuna>=5"],
        "test": [
            "pytest>=9.2",
            "pytest-xdist>=3.8",
            "ruff>=0.17",
            "codespell>=2.4",
            "tf2onnx>=1.17",
            "onnxruntime>=1.32",
            "safetensors>=0.8",
            "optuna>=5",
            "fastapi>=0.165",
            "uvicorn>=0.54",
        ],
        "docs": ["mkdocs>=1.6", "mkdocs-material>=9.7", "mkdocstrings-python>=2"],
    },
    entry_points={"console_scripts": ["tfgan2 = tfgan2.__main__:main"]},
    # The experiments' flagfiles live at the top of the repository and are installed as tfgan2/configs.
    packages=[*find_packages(include=["tfgan2", "tfgan2.*"]), "tfgan2.configs"],
    package_dir={"tfgan2": "tfgan2", "tfgan2.configs": "configs"},
    package_data={"tfgan2": ["py.typed"], "tfgan2.configs": ["*.cfg", "common/*.cfg"]},
    include_package_data=False,
    zip_safe=False,
)
