"""Output formats of reports, one file each: `NAME` and `render(report)`; found by walking this folder."""
