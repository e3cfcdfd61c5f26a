"""The visitor's side: contract, form, sealing, receipt, inbox. It may touch phone, privacy and facilities."""
