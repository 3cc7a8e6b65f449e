Console.WriteLine("yolact-edge");
