"""The knowledge base: which packages have cryptography, by ecosystem."""
