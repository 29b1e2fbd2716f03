"""The newsroom's verbs. Doors (command line, app) call these and nothing below."""
