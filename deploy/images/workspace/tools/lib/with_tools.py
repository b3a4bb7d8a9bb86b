"""Runs a module with the tools' packages behind the image's own.

    python with_tools.py MODULE ARGUMENT...

Behind, and not before as PYTHONPATH would have them: of a package that both have, a notebook gets
the image's, as the workers of the cluster do. And only this process: what it starts sees the image
alone.
"""

import runpy
import site
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent


def main():
    module = sys.argv[1]
    del sys.argv[0]
    del sys.path[0]  # the directory of this file
    site.addsitedir(str(TOOLS / "python" / ("%d.%d" % sys.version_info[:2])))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


main()
