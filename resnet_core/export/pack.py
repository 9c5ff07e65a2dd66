"""The file that a visitor takes home: script, notebook, data and what to know about them, zipped."""

import io
import zipfile

from resnet_core.catalogue import experiment
from resnet_core.experiment_words import QUESTION_FILE, experiment_command, question_json
from resnet_core.export.bundle import Bundle, bundle
from resnet_core.export.modules import ROOT
from resnet_core.export.pages import notebook, script

SCRIPT, NOTEBOOK, README, LICENCE = "experiment.py", "experiment.ipynb", "README.txt", "LICENSE"
DATE = (1980, 1, 1, 0, 0, 0)  # of every file inside, so that the same question gives the same bytes
PACKED = (".npz", ".jpg")  # what is dense already

_README = """{asks}

An experiment of ResNet Lab, to run at home: plain PyTorch, nothing of the laboratory to install.

{script}     the code that ran, in sections, with the question near its end
{notebook}  the same as a notebook, a cell per section; whatever lies beside it belongs to it
{question}     its settings as JSON, for the command below
{data}
It needs Python 3.11 or newer. In an environment of its own:

    pip install {requires}
    python {script}

Either file makes a folder {name} with record.json and record.npz: every number that was found, to compare with
the screen. Change the question and run it again. In a copy of the laboratory the same is asked with

    {command}

The code is under the MIT licence, see {licence}.
"""
_DATA = "assets/           the data, as the laboratory has them, each with its licence or its authors\n"


def pack_experiment(name: str, question: object) -> bytes:
    """A zip of an experiment with its question: experiment.py, experiment.ipynb, data with licences, README.txt.

    Nothing is run and no torch is loaded; it takes some tenths of a second.

    Raises:
        ConfigError: there is no experiment of that name.
    """
    entry = experiment(name)
    found = bundle(entry, question)
    files = {
        README: _readme(found, entry.asks, experiment_command(entry, found.question)).encode(),
        SCRIPT: script(found).encode(),
        NOTEBOOK: notebook(found).encode(),
        QUESTION_FILE: question_json(entry, found.question).encode(),
        **{file: text.encode() for file, text in found.texts.items()},
        LICENCE: (ROOT / LICENCE).read_bytes(),
        **{file: (ROOT / file).read_bytes() for file in found.files},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file, content in files.items():
            kind = zipfile.ZIP_STORED if file.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(file, DATE), content, kind)
    return buffer.getvalue()


def _readme(found: Bundle, asks: str, command: str) -> str:
    return _README.format(
        asks=asks,
        script=SCRIPT,
        notebook=NOTEBOOK,
        question=QUESTION_FILE,
        requires=" ".join(found.requires),
        name=found.name,
        data=(_DATA if found.files else "") + "".join(f"\n{note}\n" for note in found.missing),
        command=command,
        licence=LICENCE,
    )
