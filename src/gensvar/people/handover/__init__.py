"""From one person to others in one reviewed step: what a leaver holds, who takes it over, and a document of it."""
