"""Read and write files safely. Imports no other package of ours.

    regular         read regular files of a bounded size; a pipe, a device or a folder is an error
    writing         replace a file completely or not at all
    output_folder   write many files below a folder without following symbolic links
    folders         the folders above a folder, up to the top of a repository

An example of the dangers: a file named on the command line may be a pipe that is never written to, or a link that leads
out of the folder. Every function here says which of these it accepts.
"""
