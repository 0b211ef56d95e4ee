"""Write the goldens anew: python -m tests.goldens.write.  Read the diff like code: every change moves users' pixels."""

from pathlib import Path

import numpy as np

from tests.goldens.inputs import results

HERE = Path(__file__).parent

if __name__ == "__main__":
    np.savez_compressed(HERE / "steps.npz", **results())
