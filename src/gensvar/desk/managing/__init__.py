"""What administrators look after: functions, persons and their log-ins, contact points, working days."""
