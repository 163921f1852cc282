using System.Globalization;

namespace Microsoft.ML.Runtime;

public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}

/// <summary>Argument and state checks. Each exists twice: static, and as an extension of a context that marks the exception.</summary>
internal static partial class Contracts
{
    public const string IsMarkedKey = "ML_IsMarked";

    public static TException Process<TException>(this TException ex, IExceptionContext ectx = null)
        where TException : Exception
        => ectx != null ? ectx.Process(ex) : Mark(ex);

    public static TException Mark<TException>(TException ex)
        where TException : Exception
    {
        ex.Data[IsMarkedKey] = 1;
        return ex;
    }

    public static bool IsMarked(this Exception ex) => ex.Data.Contains(IsMarkedKey);

    public static Exception Except(string msg) => Except((IExceptionContext)null, msg);

    public static Exception Except(string msg, params object[] args) => Except((IExceptionContext)null, msg, args);

    public static Exception Except(this IExceptionContext ctx, string msg) => Process(new InvalidOperationException(msg), ctx);

    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args)), ctx);

    public static Exception Except(Exception inner, string msg) => Except(null, inner, msg);

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg) => Process(new InvalidOperationException(msg, inner), ctx);

    public static Exception ExceptUserArg(string name, string msg = null) => ExceptParam(null, name, msg);

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg = null) => ExceptParam(ctx, name, msg);

    public static Exception ExceptParam(string paramName, string msg = null) => ExceptParam(null, paramName, msg);

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg = null)
        => Process(msg == null ? new ArgumentOutOfRangeException(paramName) : new ArgumentOutOfRangeException(paramName, msg), ctx);

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg, params object[] args)
        => ExceptParam(ctx, paramName, Format(msg, args));

    public static Exception ExceptValue(string paramName, string msg = null) => ExceptValue(null, paramName, msg);

    public static Exception ExceptValue(this IExceptionContext ctx, string paramName, string msg = null)
        => Process(msg == null ? new ArgumentNullException(paramName) : new ArgumentNullException(paramName, msg), ctx);

    public static Exception ExceptEmpty(string paramName, string msg = null) => ExceptEmpty(null, paramName, msg);

    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName, string msg = null)
        => ExceptParam(ctx, paramName, msg ?? paramName + " cannot be null or empty");

    public static Exception ExceptWhiteSpace(this IExceptionContext ctx, string paramName, string msg = null)
        => ExceptParam(ctx, paramName, msg ?? paramName + " cannot be null or white space");

    public static Exception ExceptDecode(string msg) => ExceptDecode((IExceptionContext)null, msg);

    public static Exception ExceptDecode(this IExceptionContext ctx) => Process(new FormatException(), ctx);

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg) => Process(new FormatException(msg), ctx);

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg, params object[] args) => ExceptDecode(ctx, Format(msg, args));

    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg) => Process(new FormatException(msg, inner), ctx);

    public static Exception ExceptNotSupp(string msg) => ExceptNotSupp(null, msg);

    public static Exception ExceptNotSupp(this IExceptionContext ctx, string msg) => Process(new NotSupportedException(msg), ctx);

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName)
        => ExceptSchemaMismatch(null, paramName, columnRole, columnName);

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName)
        => ExceptParam(ctx, paramName, $"Could not find {columnRole} column '{columnName}'");

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName, string expectedType, string actualType)
        => ExceptSchemaMismatch(null, paramName, columnRole, columnName, expectedType, actualType);

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName, string expectedType, string actualType)
        => actualType == null
            ? ExceptSchemaMismatch(ctx, paramName, columnRole, columnName)
            : ExceptParam(ctx, paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}");

    private static string Format(string msg, object[] args) => string.Format(CultureInfo.InvariantCulture, msg, args);
}
