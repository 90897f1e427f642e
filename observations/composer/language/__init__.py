"""French: grammar and typography, no word of any questionnaire."""
