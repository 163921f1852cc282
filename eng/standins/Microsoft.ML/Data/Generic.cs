using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method for a type known at run time only.</summary>
internal static class Generic
{
    /// <summary>Calls <paramref name="method"/>, given for any type argument, with <paramref name="type"/> as its type argument.</summary>
    public static TResult Invoke<TResult>(Delegate method, Type type, params object[] arguments)
    {
        try
        {
            return (TResult)method.Method.GetGenericMethodDefinition().MakeGenericMethod(type).Invoke(method.Target, arguments);
        }
        catch (TargetInvocationException exception) when (exception.InnerException != null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException);
            throw;
        }
    }
}
