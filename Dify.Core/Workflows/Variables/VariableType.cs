namespace Dify.Core.Workflows.Variables;

/// <summary>Types of values.</summary>
internal enum VariableType
{
    None,
    String,
    Integer,
    Float,
    Boolean,
    Object,
    File,
    StringArray,
    NumberArray,
    BooleanArray,
    ObjectArray,
    FileArray,
    AnyArray,
}
