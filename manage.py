"""Django's command line, for developers; users run `tongket`."""

from tongket.config.cli import main

if __name__ == "__main__":
    main()
