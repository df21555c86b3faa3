"""What a business's own data says of its market: segments, customers, reasons, effort."""
