import sys

from prep_core.cli import main

sys.exit(main())
