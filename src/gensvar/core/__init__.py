"""What every room stands on: log-ins, roles, tokens, clock, facts and their runner, audit log. Imports nothing of ours."""
