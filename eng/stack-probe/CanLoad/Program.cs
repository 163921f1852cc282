using System.Runtime.InteropServices;

// Loads the native libraries named on the command line, in that order, in the very dotnet that will run the product.
// Prints nothing when all of them load, else the loader's reason, and exits with 1.
foreach (string library in args)
{
    try
    {
        NativeLibrary.Load(library);
    }
    catch (Exception problem) when (problem is DllNotFoundException or BadImageFormatException)
    {
        Console.WriteLine(problem.Message);
        return 1;
    }
}

return 0;
