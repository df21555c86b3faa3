"""`python -m command` is `territory`."""

import sys

from command.main import main

sys.exit(main())
