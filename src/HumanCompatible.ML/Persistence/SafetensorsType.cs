namespace HumanCompatible.ML.Persistence;

/// <summary>The element types of safetensors files that are written and read here; the names are the format's own.</summary>
internal enum SafetensorsType
{
    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>64-bit floating point.</summary>
    F64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>8-bit unsigned integer.</summary>
    U8,
}
