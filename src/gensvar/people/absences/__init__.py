"""Who is away: what people say of themselves, and what their own calendars say."""
