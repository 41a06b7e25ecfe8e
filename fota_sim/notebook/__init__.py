"""From Python: ``import fota_sim as fs; r = fs.run("my.yaml"); r.devices; r.summary; r.plot()``.

What may take long has ``progress``: whether to show how far it is. By default it is shown in a notebook or a terminal,
if it takes longer than two seconds.

=================  =========================================================================
``comparisons``    a comparison from Python
``runs``           a run from Python
``canaries``       the questions of ``fota-sim canary`` from Python
``explorer``       the explorer in a notebook
``html``           texts as notebooks show them
``searches``       a search for good strategies from Python
``sensitivities``  which assumptions matter, from Python
``sweeps``         a sweep from Python
=================  =========================================================================
"""

from fota_sim.notebook.canaries import canary as canary
from fota_sim.notebook.comparisons import Compared as Compared
from fota_sim.notebook.comparisons import compare as compare
from fota_sim.notebook.explorer import explore as explore
from fota_sim.notebook.runs import Result as Result
from fota_sim.notebook.runs import run as run
from fota_sim.notebook.searches import Tuning as Tuning
from fota_sim.notebook.searches import tune as tune
from fota_sim.notebook.sensitivities import Sensitivity as Sensitivity
from fota_sim.notebook.sensitivities import sensitivity as sensitivity
from fota_sim.notebook.sweeps import SweepResult as SweepResult
from fota_sim.notebook.sweeps import sweep as sweep
