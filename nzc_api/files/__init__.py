"""Files as registries and people write them: tables, their headings, their cells. It knows no room."""
