"""The command `reo`. Where only the reading part is installed, it says what is missing."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from pipeline.cli import main as run
    except ModuleNotFoundError as error:
        sys.exit(
            f"Error {error.name} is not installed: this is the reading part alone (`import rare_earth_observatory`).\n"
            "  What to do: pip install 'rare-earth-observatory[pipeline]'"
        )
    run()


if __name__ == "__main__":
    main()
