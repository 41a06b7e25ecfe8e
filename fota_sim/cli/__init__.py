"""The command line: one file per command, thin; heavy libraries are imported when a command needs them.

====================  =========================================================================
``main``              ``fota-sim``: the commands together, and what becomes of an error
``compare``           ``fota-sim compare``: which of several strategies is better, in what, and how surely
``doctor``            ``fota-sim doctor``: whether this installation works
``results``           ``fota-sim list``, ``show`` and ``rerun``: results that are there already
``run``               ``fota-sim run``: simulate a scenario
``canary``            ``fota-sim canary``: how many devices, for how long, and who fails before a rule stops the rollout
``compare_text``      a comparison as text: sentences first, then the numbers behind them
``fit``               ``fota-sim fit``: what the log of a real rollout teaches a scenario
``explore``           ``fota-sim explore``: a page that answers while one drags
``import_``           ``fota-sim import``: a plan that is configured in another system
``new``               ``fota-sim new``: a scenario to start from
``report``            ``fota-sim report``: a result as one page that can be mailed, printed and opened without a network
``schema``            ``fota-sim schema``: what a scenario may say, for editors and readers
``sensitivity``       ``fota-sim sensitivity``: which assumptions matter
``summary_text``      the summary as text: the same numbers as in ``summary.json``, each with its denominator
``sweep``             ``fota-sim sweep``: a scenario over the values of some of its fields
``transcript``        ``fota-sim transcript``: the dialogue of one device
``tune``              ``fota-sim tune``: search knobs for the scenarios that keep the constraints at least cost
``twins``             ``fota-sim doctor --twins``: whether both engines play a scenario alike
``validate``          ``fota-sim validate``: every mistake of a scenario at once
``canary_text``       the answer about canaries in words and small tables, from the dictionary of
                      analysis/canary/answer.py
``forecast``          ``fota-sim forecast``: how a rollout under way goes on, and whether to stop it
``forecast_text``     the forecast in words and small tables
``engine``            which engine plays, and what a user should know before it starts
``options``           options that several commands share, so that they are called, explained and completed alike
``progress``          progress for people: a bar in a terminal, a bar in a notebook, plain lines elsewhere; always on
                      standard error
``sensitivity_text``  which assumptions matter, as tables: from the dictionary of analysis/sensitivity/effects.py
``timings``           where the time went, and how much memory it took
``tune_text``         the answer of a search as text: from the dictionary of analysis/tune/verdict.py
``verdicts``          thresholds and precision as text, and the exit codes of thresholds
``allocator``         what the command line asks of those who allocate memory and start threads
``checkup``           what ``fota-sim doctor`` looks at: each check says what it found, or raises what is wrong
``complete``          what the shell proposes when Tab is pressed: files, results, strategies and names that exist
``console``           where words go: results to standard output, everything else to standard error
``examples``          examples at the end of a command's help: each is a command line that works on what ``fota-sim new
                      my.yaml`` wrote
``interrupt``         Ctrl-C, remembered: libraries that compile or call back through C may swallow the exception that
                      it raises
``pace``              how far something is, how fast it goes and when it will be over: numbers and words, by a clock
                      that is given
``long_work``         what is said before work that takes long: how much is played, why, and what would be less
``fleet``             ``fota-sim fleet``: what can be known of a file of devices before anything is simulated
``fit_dialogues``     ``fota-sim fit`` with logs of ``fota-sim drive``: the times of a module
``fit_text``          what ``fota-sim fit`` found, in a terminal: from the dictionary of learning/told.py
``fleet_text``        what ``fota-sim fleet inspect`` says of a file, in a terminal
``zsh``               completion in zsh, whose first Tab gets an answer too
``devices``           ``fota-sim devices``: the tasks of a plan with their execution details, at the end or at a chosen
                      time
``devices_text``      a list of devices as text: the tasks of a plan, and where each stands
``monitoring``        one replication of a result, at its end or at any time of it
``transcript_text``   a simulated dialogue beside a real one, in words
``emulate``           ``fota-sim emulate``: a module of the scenario on a port that real programs open
``drive``             ``fota-sim drive``: the scenario's host against a module at a port
``log_options``       the options that say how a log is to be read, the same for every command that reads one
``files``             files and folders that a user names to be written: whether there is room for them, and writing
``help``              help that keeps to a narrow terminal: comments above examples are folded, and names leave room for
                      what they do
``empty``             values of a command line that are there and say nothing, such as those of a shell's variable that
                      is not set
====================  =========================================================================
"""

from __future__ import annotations

from time import perf_counter

BEGAN_S = perf_counter()
"""When the command began, but for the start of Python itself."""
