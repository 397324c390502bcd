"""Export control: which cryptography a release holds, and where it may go, by rules that are data with dates."""
