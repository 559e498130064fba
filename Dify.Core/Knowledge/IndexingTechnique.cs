namespace Dify.Core.Knowledge;

public enum IndexingTechnique
{
    /// <summary>Vectors and full text.</summary>
    HighQuality,

    /// <summary>Keywords only, no embedding calls.</summary>
    Economy,
}
