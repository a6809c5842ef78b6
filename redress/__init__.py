"""The remedy stage: what the class is owed and paid. Not the project package (that is `config`)."""
