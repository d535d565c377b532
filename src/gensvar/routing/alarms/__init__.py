"""What a coordinator must hear of the same day: places without anybody, and external people who soon leave."""
