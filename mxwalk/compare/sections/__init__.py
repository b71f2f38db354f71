"""What is compared, a module each: title, the group of steps it rests on, and the parts of a side."""
