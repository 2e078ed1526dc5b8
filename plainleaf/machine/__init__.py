"""The machine: processes, what is kept between builds, the disk, the terminal, set-up."""
