"""Our own reviewed tables, one module each: judgements and lists that the project answers for, not a publisher."""
